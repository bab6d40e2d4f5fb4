/** Entities of tables that features read through TypeORM repositories; each feature adds its own here. */
export const ENTITIES: (new () => object)[] = [];
