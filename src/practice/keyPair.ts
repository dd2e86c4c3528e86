import { generateKeyPairSync, randomBytes } from 'node:crypto';

const keyType = 'ssh-ed25519';
/** Bytes before the 32 of the key itself in Node's DER forms of an ed25519 key (RFC 8410). */
const derPublicHeader = 12;
const derPrivateHeader = 16;

export interface KeyPair {
  /** OpenSSH's private key format, without a passphrase. */
  privateKey: string;
  /** `ssh-ed25519 BASE64`. */
  publicKey: string;
}

/**
 * A new ed25519 key pair. Written here because `utils.generateKeyPairSync` of ssh2 1.17 strips a leading zero byte,
 * which makes about one key in 250 unusable. Format: PROTOCOL.key of OpenSSH.
 */
export function makeKeyPair(comment: string): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  const point = publicKey.subarray(derPublicHeader);
  const seed = privateKey.subarray(derPrivateHeader);
  const blob = Buffer.concat([field(keyType), field(point)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, blob, field(Buffer.concat([seed, point])), field(comment)]);
  const padding = Uint8Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1);
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(blob),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString('base64').replace(/.{70}/g, '$&\n').trimEnd();
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `${keyType} ${blob.toString('base64')}`,
  };
}

/** A string of the SSH wire format: length (big endian), bytes. */
function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
