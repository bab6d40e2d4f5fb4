import { describe, expect, it } from 'vitest';
import { inOnePiece } from '../../../src/kernel/pace.js';
import { readChartVersions } from '../../../src/repositories/charts/domain/helm-index.js';

const DIGEST = 'a'.repeat(64);
const versionsOf = (text: string, chart = 'web') => inOnePiece(readChartVersions(text, chart));

const item = (version: string, more = ''): string =>
  `  - apiVersion: v2\n    description: |\n      Text with\n      web: words\n${more}    digest: ${DIGEST}\n    name: web\n    urls:\n    - web-${version}.tgz\n    version: ${version}\n`;
const entry = (version: string) => ({ version, urls: [`web-${version}.tgz`], digest: `sha256:${DIGEST}` });

describe('the index of a repository', () => {
  it('lists the versions of a chart in its order', () => {
    const text = `apiVersion: v1\nentries:\n  api:\n${item('9.9.9')}  web:\n${item('1.1.0')}${item('1.0.0')}generated: "x"\n`;
    expect(versionsOf(text)).toEqual([entry('1.1.0'), entry('1.0.0')]);
    expect(versionsOf(text, 'absent')).toBeUndefined();
    expect(versionsOf(text, 'generated')).toBeUndefined();
  });

  it('may begin with its entries, end with them, and have Windows line ends, comments and quoted names', () => {
    const text = `entries:\n\n  # ours\n  "web":\n${item('1.0.0')}`;
    expect(versionsOf(text)).toEqual([entry('1.0.0')]);
    expect(versionsOf(text.replaceAll('\n', '\r\n'))).toEqual([entry('1.0.0')]);
  });

  it('may be JSON, flow style or full of anchors', () => {
    const index = {
      apiVersion: 'v1',
      entries: { web: [{ version: '1.0.0', urls: ['web-1.0.0.tgz'], digest: DIGEST }] },
    };
    expect(versionsOf(JSON.stringify(index))).toEqual([entry('1.0.0')]);
    expect(versionsOf('entries: {web: [{version: 1.0.0, urls: [a.tgz]}]}')).toEqual([
      { version: '1.0.0', urls: ['a.tgz'] },
    ]);
    const anchors = `entries:\n  api: &all\n${item('1.0.0')}  web: *all\n`;
    expect(versionsOf(anchors)).toEqual([entry('1.0.0')]);
  });

  it('passes over entries that name no version or no archive', () => {
    const text = `entries:\n  web:\n  - version: 1.0.0\n  - urls: [a.tgz]\n  - version: 3\n    urls: [a]\n  - null\n${item('2.0.0')}`;
    expect(versionsOf(text)).toEqual([entry('2.0.0')]);
  });

  it('has no chart that is named like a member of every object', () => {
    expect(versionsOf('{"entries": {"web": []}}', 'constructor')).toBeUndefined();
    expect(versionsOf('{"entries": {"web": []}}', '__proto__')).toBeUndefined();
  });

  it('is read piece by piece, and only where the chart stands', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => item(`1.0.${index}`)).join('');
    const text = `entries:\n  other:\n${many}  web:\n${item('3.0.0')}`;
    const pieces = readChartVersions(text, 'web');
    let work = 0;
    for (let piece = pieces.next(); ; piece = pieces.next()) {
      if (piece.done) {
        expect(piece.value).toEqual([entry('3.0.0')]);
        break;
      }
      work += piece.value;
    }
    expect(work).toBeLessThan(text.length / 30);
    let longest = 0;
    const own = readChartVersions(text, 'other');
    for (let piece = own.next(); !piece.done; piece = own.next()) longest = Math.max(longest, piece.value);
    expect(longest).toBeLessThan(50_000);
  });

  it('is refused where it is no YAML', () => {
    expect(() => versionsOf('entries: {web: [')).toThrow();
  });
});
