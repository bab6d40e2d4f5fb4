import { basePath, cleanPath, dirPath, extPath } from './go-path.js';
import { ofText, type NamedFunction } from './signatures.js';

const isAbsolute = (path: string): boolean => path.startsWith('/');

/** Sprig's functions on paths; those of the operating system are Linux's, as in Argo CD's image. */
export const SPRIG_PATHS: readonly NamedFunction[] = [
  ['base', ofText(basePath)],
  ['dir', ofText(dirPath)],
  ['clean', ofText(cleanPath)],
  ['ext', ofText(extPath)],
  ['isAbs', ofText(isAbsolute)],
  ['osBase', ofText(basePath)],
  ['osDir', ofText(dirPath)],
  ['osClean', ofText(cleanPath)],
  ['osExt', ofText(extPath)],
  ['osIsAbs', ofText(isAbsolute)],
];
