import { Global, Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { ApplyDoor } from './apply-door.js';
import { CHANGE_PREVIEWERS, type ChangePreviewer } from './change-previewer.js';
import type { DocumentKind } from './document-kind.js';
import { DOCUMENT_KINDS, DocumentKinds } from './document-kinds.js';
import { DocumentWriter } from './document-writer.js';
import { DocumentsService } from './documents.service.js';
import { ForeignDocuments, NoForeignDocuments } from './foreign-documents.js';

export interface DocumentsOptions {
  /** The modules that export the kinds and previewers. */
  imports: NonNullable<ModuleMetadata['imports']>;
  kinds: Type<DocumentKind>[];
  previewers: Type<ChangePreviewer>[];
  /** Takes documents of other kinds at the apply door. */
  foreign?: Type<ForeignDocuments>;
}

const SERVICES = [DocumentKinds, DocumentsService, DocumentWriter, ApplyDoor];

/** The one door for hub documents with its explicit lists; global, since app-of-apps writes through it too. */
@Global()
@Module({})
export class DocumentsModule {
  static of({ imports, kinds, previewers, foreign = NoForeignDocuments }: DocumentsOptions): DynamicModule {
    const lists = [
      { provide: DOCUMENT_KINDS, inject: kinds, useFactory: (...given: DocumentKind[]) => given },
      { provide: CHANGE_PREVIEWERS, inject: previewers, useFactory: (...given: ChangePreviewer[]) => given },
      foreign === NoForeignDocuments
        ? { provide: ForeignDocuments, useClass: NoForeignDocuments }
        : { provide: ForeignDocuments, useExisting: foreign },
    ];
    return { module: DocumentsModule, imports, providers: [...lists, ...SERVICES], exports: SERVICES };
  }
}
