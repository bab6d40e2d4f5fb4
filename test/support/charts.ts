import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { digestBytes } from '../../src/kernel/digest.js';
import { testTools } from './rendering.js';

const run = promisify(execFile);

export interface PackedChart {
  name: string;
  version: string;
  archive: Buffer;
}

const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-{{ .Chart.Name }}}
data: {version: {{ .Chart.Version | quote }}, color: {{ .Values.color | default "none" | quote }}}
`;

/** A chart with one ConfigMap, packed by helm itself. */
export async function packChart(
  name: string,
  version: string,
  more: Record<string, string> = {},
): Promise<PackedChart> {
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  try {
    const files = {
      'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
      'templates/settings.yaml': TEMPLATE,
      ...more,
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name, path)), { recursive: true });
      await writeFile(join(folder, name, path), text);
    }
    await runHelm(['package', join(folder, name), '--destination', folder], folder);
    const packed = (await readdir(folder)).find((file) => file.endsWith('.tgz')) ?? '';
    return { name, version, archive: await readFile(join(folder, packed)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Standard output of helm, with nothing of ours around it. */
export async function runHelm(args: readonly string[], home: string): Promise<string> {
  const helm = await testTools.helm();
  if (!helm.ok) throw new Error(helm.error.message);
  const env = { HOME: home, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
  return (await run(helm.value, [...args], { env })).stdout;
}

/** An index as helm writes it, of archives beside it. */
export function indexOf(charts: readonly PackedChart[], urlOf = fileOf): string {
  const names = [...new Set(charts.map(({ name }) => name))];
  const entries = names.map((name) => {
    const versions = charts
      .filter((chart) => chart.name === name)
      .map((chart) => {
        const digest = digestBytes(chart.archive).slice('sha256:'.length);
        return `  - apiVersion: v2\n    created: "2026-01-01T00:00:00Z"\n    digest: ${digest}\n    name: ${name}\n    urls:\n    - ${urlOf(chart)}\n    version: ${chart.version}\n`;
      });
    return `  ${name}:\n${versions.join('')}`;
  });
  return `apiVersion: v1\nentries:\n${entries.join('')}generated: "2026-01-01T00:00:00Z"\n`;
}

export function fileOf({ name, version }: PackedChart): string {
  return `${name}-${version}.tgz`;
}

export interface RawEntry {
  path: string;
  content?: string | Buffer;
  /** As tar writes it: 0 a file, 1 a hard link, 2 a symlink, 3 a device. */
  type?: string;
  target?: string;
}

/** An archive as nobody but an attacker writes it. */
export function rawArchive(entries: readonly RawEntry[]): Buffer {
  return gzipSync(Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]));
}

function blocksOf({ path, content = '', type = '0', target = '' }: RawEntry): Buffer[] {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}
