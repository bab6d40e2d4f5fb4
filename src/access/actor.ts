/** Who asks. Every public service method takes one first. */
export type Actor =
  /** An API token: of a platform admin, or bound to one role of one project. */
  | { type: 'token'; id: string; name: string; admin: boolean; project?: string; role?: string }
  /** An ApplicationSet or Application that acts with its project's rights: generated Applications, app-of-apps. */
  | { type: 'project'; project: string }
  /** A reconciler; reads everything, writes through no door. */
  | { type: 'system'; component: string };

/** How the actor is named in audit entries, logs and field managers. */
export function actorLabel(actor: Actor): string {
  switch (actor.type) {
    case 'token':
      return `token:${actor.name}`;
    case 'project':
      return `project:${actor.project}`;
    case 'system':
      return `system:${actor.component}`;
  }
}
