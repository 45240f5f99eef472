// A self-signed X.509 certificate, made while the test runs (RFC 5280 §4.1): no key lies in the repository.
import { generateKeyPairSync, sign } from 'node:crypto';

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11. */
const ALGORITHM = sequence(tlv(0x06, Buffer.from('2a864886f70d01010b', 'hex')), tlv(0x05));
const time = (text: string) => tlv(0x18, Buffer.from(text.replace(/[-:T]/g, '').replace(/\.\d+/, '')));
const name = (text: string) =>
  sequence(tlv(0x31, sequence(tlv(0x06, Buffer.from('550403', 'hex')), tlv(0x0c, Buffer.from(text)))));

/** subjectAltName, 2.5.29.17, of names and of this machine's address (RFC 5280 §4.2.1.6). */
const alternatives = (hosts: readonly string[]) =>
  sequence(
    tlv(0x06, Buffer.from('551d11', 'hex')),
    tlv(
      0x04,
      sequence(
        ...hosts.map(host =>
          host === '127.0.0.1' ? tlv(0x87, Buffer.from([127, 0, 0, 1])) : tlv(0x82, Buffer.from(host)),
        ),
      ),
    ),
  );

/** A certificate that is good between two instants (ISO text), for these hosts, with its private key. */
export function certificate(
  from = '2020-01-01T00:00:00Z',
  to = '2099-01-01T00:00:00Z',
  hosts: readonly string[] = [],
) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const subject = name('sns.amazonaws.com');
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    ALGORITHM,
    subject,
    sequence(time(from), time(to)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(hosts.length > 0 ? [tlv(0xa3, sequence(alternatives(hosts)))] : []),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = sequence(body, ALGORITHM, signature)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return { privateKey, pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n` };
}
