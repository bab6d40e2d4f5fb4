import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Ids } from '../kernel/ids.js';
import { Sealer, type SealKey } from '../kernel/seal.js';

/** Gives everyone the one Sealer, made of the key that loadSealKey found. Needs the global DatabaseModule's Ids. */
@Global()
@Module({})
export class SealingModule {
  static of(key: SealKey): DynamicModule {
    const sealer = { provide: Sealer, inject: [Ids], useFactory: (ids: Ids) => new Sealer([key], ids) };
    return { module: SealingModule, providers: [sealer], exports: [Sealer] };
  }
}
