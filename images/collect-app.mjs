// collect-app.mjs ENTRY OUT: copies to OUT what a built entry point loads and nothing else: its own files, package.json,
// and the packages that they import, with the dependencies of those. Plain Node, as it runs in an image's build.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const IMPORTS =
  /(?:^|[;\s}])(?:import|export)\s*(?:[\w*\s{},$]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
const BUILT_IN = /^node:/;

const [entry, out] = process.argv.slice(2).map((argument) => path.resolve(argument));
const root = path.dirname(path.dirname(entry));
const files = new Set();
const packages = new Map();

follow(entry);
for (const file of files) {
  copy(file);
  if (existsSync(`${file}.map`)) copy(`${file}.map`);
}
for (const folder of packages.values()) copy(folder);
copy(path.join(root, 'package.json'));
process.stdout.write(`${files.size} files, packages ${[...packages.keys()].sort().join(' ')}\n`);

function follow(file) {
  if (files.has(file)) return;
  files.add(file);
  for (const [, fromStatement, fromCall] of readFileSync(file, 'utf8').matchAll(IMPORTS)) {
    const target = fromStatement ?? fromCall;
    if (target.startsWith('.')) follow(path.resolve(path.dirname(file), target));
    else if (!BUILT_IN.test(target)) add(nameOf(target), path.dirname(file));
  }
}

function nameOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function add(name, from, { isOptional = false } = {}) {
  const folder = find(name, from);
  if (folder === undefined && isOptional) return;
  if (folder === undefined) throw new Error(`${name}, which ${from} needs, is not installed`);
  if (packages.get(path.relative(root, folder)) !== undefined) return;
  packages.set(path.relative(root, folder), folder);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(manifest.dependencies ?? {})) add(dependency, folder);
  for (const dependency of Object.keys(manifest.optionalDependencies ?? {}))
    add(dependency, folder, { isOptional: true });
}

/** As Node looks packages up, but never above the application. */
function find(name, from) {
  const folder = path.join(from, 'node_modules', name);
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  return from === root ? undefined : find(name, path.dirname(from));
}

function copy(source) {
  // A package's own packages are copied where they are used.
  const filter = (each) => !path.relative(source, each).split(path.sep).includes('node_modules');
  cpSync(source, path.join(out, path.relative(root, source)), { recursive: true, filter, verbatimSymlinks: true });
}
