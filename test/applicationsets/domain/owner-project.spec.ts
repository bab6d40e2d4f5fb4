import { describe, expect, it } from 'vitest';
import { ownerProject } from '../../../src/applicationsets/domain/owner-project.js';

const set = (project: string, annotations?: Record<string, string>) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name: 's', ...(annotations ? { annotations } : {}) },
  spec: { template: { spec: { project } } },
});

describe('ownerProject', () => {
  it("is the template's literal project", () => {
    expect(ownerProject(set('team-a'))).toBe('team-a');
  });

  it('is what the annotation says, before the template', () => {
    expect(ownerProject(set('team-a', { 'fleetwright.io/project': 'team-b' }))).toBe('team-b');
  });

  it('is unknown where the project is templated or empty', () => {
    expect(ownerProject(set('{{project}}'))).toBeUndefined();
    expect(ownerProject(set(''))).toBeUndefined();
  });
});
