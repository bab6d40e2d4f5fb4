import { describe, expect, it } from 'vitest';
import { editImages } from '../../../src/rendering/domain/kustomize/kustomize-images.js';

describe('image overrides of an Application', () => {
  it.each([
    ['nginx:1.2', { name: 'nginx', newTag: '1.2' }],
    ['nginx@sha256:abc', { name: 'nginx', digest: 'sha256:abc' }],
    ['nginx=mirror:5000/nginx', { name: 'nginx', newName: 'mirror:5000/nginx' }],
    ['nginx=mirror/nginx:2@sha256:abc', { name: 'nginx', newName: 'mirror/nginx', newTag: '2', digest: 'sha256:abc' }],
    ['reg:5000/a/b:3', { name: 'reg:5000/a/b', newTag: '3' }],
  ])('%s', (text, expected) => {
    expect(editImages([], [text])).toEqual([expected]);
  });

  it('replace the entry of the same name, leave others, and come sorted', () => {
    const present = [
      { name: 'z', newTag: '1' },
      { name: 'a', newName: 'b', newTag: '1' },
    ];
    expect(editImages(present, ['a:2', 'm:3'])).toEqual([
      { name: 'a', newTag: '2' },
      { name: 'm', newTag: '3' },
      { name: 'z', newTag: '1' },
    ]);
  });

  it('keep with * what the entry said', () => {
    const present = [{ name: 'a', newName: 'b', newTag: '1' }];
    expect(editImages(present, ['a=*:2'])).toEqual([{ name: 'a', newName: 'b', newTag: '2' }]);
    expect(editImages(present, ['a=c:*'])).toEqual([{ name: 'a', newName: 'c', newTag: '1' }]);
  });

  it.each([
    ['=x', { name: 'x' }],
    ['a=', { name: 'a' }],
    ['a:1:2', { name: 'a', newTag: '1:2' }],
    ['h:1/a@sha256:b:c', { name: 'h:1/a', digest: 'sha256:b:c' }],
    ['a=b=c:1', { name: 'a', newName: 'b=c', newTag: '1' }],
    ['a@', { name: 'a' }],
  ])('are read as kustomize edit reads them, however odd: %s', (text, expected) => {
    expect(editImages([], [text])).toEqual([expected]);
  });

  it.each(['nginx', '', 'host:5000/nginx'])('are refused when they change nothing: "%s"', (text) => {
    expect(editImages([], [text])).toBeUndefined();
  });
});
