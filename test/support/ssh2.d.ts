/** As much of ssh2 as the tests use. */
declare module 'ssh2' {
  import type { Duplex, Writable } from 'node:stream';
  import type { EventEmitter } from 'node:events';
  import type { AddressInfo } from 'node:net';

  export interface ParsedKey {
    getPublicSSH(): Buffer;
    verify(blob: Buffer, signature: Buffer, algorithm?: string): boolean | Error;
  }

  export interface AuthContext {
    method: string;
    username: string;
    key: { data: Buffer };
    blob?: Buffer;
    signature?: Buffer;
    hashAlgo?: string;
    accept(): void;
    reject(methods?: string[]): void;
  }

  export interface Channel extends Duplex {
    stderr: Writable;
    exit(code: number): void;
  }

  export class Server extends EventEmitter {
    constructor(options: { hostKeys: string[] }, onConnection: (client: Connection) => void);
    listen(port: number, host: string, listening: () => void): void;
    address(): AddressInfo;
    close(closed: () => void): void;
  }

  export interface Connection extends EventEmitter {
    end(): void;
  }

  const ssh2: {
    Server: typeof Server;
    utils: {
      generateKeyPairSync(type: 'ed25519'): { private: string; public: string };
      parseKey(text: string): ParsedKey;
    };
  };
  export default ssh2;
}
