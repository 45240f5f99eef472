// What SMTP_URL may say, and what is said of it where it says something else: never a piece of a password.
import { describe, expect, it } from 'vitest';
import { readRelays } from '../../src/delivery/mailer/relay-url.ts';

function relaysOf(text: string) {
  const relays = readRelays(text);
  if ('problem' in relays) throw new Error(relays.problem);
  return relays;
}
const only = (text: string) => relaysOf(text)[0];
const problemOf = (text: string) => {
  const relays = readRelays(text);
  return 'problem' in relays ? relays.problem : undefined;
};

describe('an address of a mail server', () => {
  it('says how it is reached, with the usual ports', () => {
    expect(only('smtp://mail.example.org')).toMatchObject({
      port: 587,
      tls: 'opportunistic',
      login: null,
      dsn: true,
    });
    expect(only('smtps://mail.example.org')).toMatchObject({ port: 465, tls: 'implicit' });
    expect(only('smtp://mail.example.org:25/')).toMatchObject({
      port: 25,
      name: 'smtp://mail.example.org:25',
    });
    expect(only('smtp://[::1]:2525')).toMatchObject({ host: '::1', name: 'smtp://[::1]:2525' });
    expect(only('smtp://größe.example')).toMatchObject({ host: 'xn--gre-6ka8i.example' });
  });

  it('shows a password only to a server that encrypts, unless it is this machine or the operator wants it', () => {
    expect(only('smtp://ada:pw@mail.example.org')).toMatchObject({ tls: 'required' });
    expect(only('smtp://ada:pw@127.0.0.1:2525')).toMatchObject({ tls: 'opportunistic' });
    expect(only('smtp://ada:pw@mail.example.org?tls=opportunistic')).toMatchObject({ tls: 'opportunistic' });
    expect(only('smtp://mail.example.org?tls=required')).toMatchObject({ tls: 'required' });
  });

  it('has user and password, decoded, and no trace of them in its name', () => {
    const relay = only('smtps://a%40b:p%3A%2F%3Fx@mail.example.org?auth=login');
    expect(relay).toMatchObject({ login: { user: 'a@b', password: 'p:/?x', method: 'LOGIN' } });
    expect(relay?.name).toBe('smtps://mail.example.org');
    expect(only('smtps://ada:50%25%@mail.example.org')).toMatchObject({ login: { password: '50%25%' } });
  });

  it('may be one of several, each with its weight', () => {
    const several =
      'smtp://one.example?weight=3\n smtps://ada:pw@two.example, sendmail:/usr/sbin/sendmail ses://eu-west-1?weight=2';
    expect(relaysOf(several).map(({ kind, name, weight }) => [kind, name, weight])).toEqual([
      ['smtp', 'smtp://one.example', 3],
      ['smtp', 'smtps://two.example', 1],
      ['sendmail', 'sendmail:/usr/sbin/sendmail', 1],
      ['ses', 'ses://eu-west-1', 2],
    ]);
  });

  it('of SES may name another endpoint and a configuration set', () => {
    expect(only('ses://us-gov-west-1?endpoint=https://vpc.example&configurationSet=papers')).toMatchObject({
      region: 'us-gov-west-1',
      endpoint: 'https://vpc.example',
      configurationSet: 'papers',
    });
  });

  it('takes what a token needs', () => {
    const refresh = 'clientId=me&clientSecret=s&refreshToken=r&tokenUrl=https://id.example/token';
    expect(only(`smtp://ada@mail.example.org?auth=xoauth2&${refresh}`)).toMatchObject({
      tls: 'required',
      login: { method: 'XOAUTH2', user: 'ada', token: { clientId: 'me', refreshToken: 'r' } },
    });
    expect(only('smtp://ada:tok@mail.example.org?auth=xoauth2')).toMatchObject({ login: { token: 'tok' } });
  });
});

describe('what is wrong is said in words that show no secret', () => {
  it.each([
    ['mail.example.org', /allowed: smtp:\/\/user:password@host:port/],
    ['http://ada:horse@mail', /allowed: smtp:\/\//],
    ['smtp://', /allowed: smtp:\/\//],
    ['', /allowed: smtp:\/\//],
    ['smtp://ada/horse@mail.example.org', /percent-encode/],
    ['smtp://ada:ho#rse@mail.example.org', /percent-encode/],
    ['smtp://ada?horse@mail.example.org', /allowed after the "\?": weight, tls, auth/],
    ['smtp://mail.example.org?weight=0', /weight: allowed: 1 to 999/],
    ['smtp://mail.example.org?tls=maybe', /tls: allowed: opportunistic, required, off/],
    ['smtps://mail.example.org?tls=required', /tls= is for smtp:\/\//],
    ['smtp://mail.example.org?auth=cram-md5', /auth: allowed: plain, login, xoauth2/],
    ['smtp://mail.example.org?auth=plain', /auth= needs a user/],
    [
      'smtp://ada@mail.example.org?auth=xoauth2',
      /needs clientId, refreshToken and tokenUrl, or an access token/,
    ],
    ['smtp://ada@mail.example.org?auth=xoauth2&refreshToken=horse', /needs clientId and tokenUrl/],
    ['smtp://ada:horse@mail.example.org?refreshToken=horse', /are for auth=xoauth2/],
    [
      'smtp://ada@mail.example.org?auth=xoauth2&clientId=a&refreshToken=horse&tokenUrl=http://id.example',
      /tokenUrl: allowed: https:/,
    ],
    ['smtp://mail.example.org?ehlo=a%0Ab', /ehlo: allowed: a host name/],
    ['smtp://one.example smtp://one.example', /smtp:\/\/one\.example is there twice/],
    ['sendmail:usr/sbin/sendmail', /sendmail:\/usr\/sbin\/sendmail, with the whole path/],
    ['sendmail://host/usr/sbin/sendmail', /with the whole path/],
    ['ses://', /allowed: ses:\/\/eu-west-1/],
    ['ses://KEY:horse@eu-west-1', /keys are read where the AWS SDK looks/],
    ['smtp://good.example smtp://ada?horse@mail.example.org', /allowed after/],
  ])('%s', (text, said) => {
    expect(problemOf(text)).toMatch(said);
    expect(problemOf(text)).not.toContain('horse');
  });
});
