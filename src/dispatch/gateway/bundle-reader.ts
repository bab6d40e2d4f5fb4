export interface StoredBundle {
  /** The bundle's canonical text, gzipped; the digest is of the text. */
  gzip: Buffer;
}

/** Where the gateway gets bundles from; rendering/ implements it. */
export abstract class BundleReader {
  abstract read(digest: string): Promise<StoredBundle | undefined>;
}
