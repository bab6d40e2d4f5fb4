/// <reference types="handlebars" />

/** Handlebars' parser alone: the package's main file loads a compiler to JavaScript too, which is not used here. */
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  export function parse(text: string): hbs.AST.Program;
}
