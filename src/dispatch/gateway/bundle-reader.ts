export interface StoredBundle {
  /** The bundle's canonical text, gzipped; the digest is of the text. */
  gzip: Buffer;
}

/** Where the gateway gets bundles from; rendering/ implements it. */
export abstract class BundleReader {
  /** With `most`, undefined for one that takes more bytes as it is stored. */
  abstract read(digest: string, most?: number): Promise<StoredBundle | undefined>;
}
