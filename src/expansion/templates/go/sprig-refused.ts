import { GoExecutionError } from './execution-error.js';
import type { GoFunction } from './function.js';
import type { NamedFunction } from './signatures.js';

const NAMES = [
  'bcrypt',
  'buildCustomCert',
  'decryptAES',
  'derivePassword',
  'encryptAES',
  'genCA',
  'genCAWithKey',
  'genPrivateKey',
  'genSelfSignedCert',
  'genSelfSignedCertWithKey',
  'genSignedCert',
  'genSignedCertWithKey',
  'htpasswd',
];

/** Functions that Argo CD has and the hub does not run: it makes no key and holds no secret. */
export const SPRIG_REFUSED: readonly NamedFunction[] = NAMES.map((name) => [name, refused(name)]);

function refused(name: string): GoFunction {
  return {
    parameters: [],
    variadic: 'any',
    isShallow: true,
    call: () => {
      const message = `${name} is not available: no key or secret is made in the hub; use an ExternalSecret with a generator`;
      throw new GoExecutionError(message, false, 'TEMPLATE_FUNCTION_REFUSED');
    },
  };
}
