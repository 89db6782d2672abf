// Passkeys: shown only where the browser knows them. The server says what is to be made or signed, the browser does it,
// and the answer goes back in a form of the page, as everything else does. Without this one signs in by a password.

const WENT_WRONG = 'failed'
const SAID = { NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'known' }

export function offerPasskeys (part) {
  if (!window.PublicKeyCredential) return
  part.hidden = false
  const form = part.querySelector('form[data-passkey]')
  if (!form) return
  const trouble = document.querySelector('[data-passkey-trouble]')
  let busy = false

  form.addEventListener('submit', async event => {
    const box = form.querySelector('input[type="text"]')
    if (box && !box.value.trim()) return // the server says what is missing
    event.preventDefault()
    if (busy) return
    busy = true
    try {
      form.elements.answer.value = JSON.stringify(await answerTo(form))
      form.submit()
    } catch (error) {
      say(trouble, error.said || SAID[error.name] || WENT_WRONG)
      busy = false
    }
  })
}

// Before what cannot be undone, a passkey does instead of the password: the form goes as it is, with its answer.
export function proveByPasskey (button) {
  if (!window.PublicKeyCredential) return
  button.hidden = false
  const form = button.form
  const trouble = form.querySelector('[data-passkey-trouble]')
  let busy = false

  button.addEventListener('click', async () => {
    if (busy) return
    busy = true
    try {
      form.elements.passkey_answer.value = JSON.stringify(await signed(button.dataset.prove, onlyToken(form)))
      form.requestSubmit()
    } catch (error) {
      say(trouble, error.said || SAID[error.name] || WENT_WRONG)
    } finally {
      busy = false
    }
  })
}

function onlyToken (form) {
  const sent = new FormData()
  sent.append('csrf_token', form.elements.csrf_token.value)
  return sent
}

async function answerTo (form) {
  if (form.dataset.passkey === 'make') {
    const options = JSON.parse(form.dataset.options)
    options.challenge = bytes(options.challenge)
    options.user.id = bytes(options.user.id)
    options.excludeCredentials = options.excludeCredentials.map(each => ({ ...each, id: bytes(each.id) }))
    return inText(await navigator.credentials.create({ publicKey: options }), ['clientDataJSON', 'attestationObject'])
  }
  return signed(form.dataset.begin, new FormData(form))
}

async function signed (begin, sent) {
  const options = await askedToSign(begin, sent)
  options.challenge = bytes(options.challenge)
  if (options.allowCredentials) {
    options.allowCredentials = options.allowCredentials.map(each => ({ ...each, id: bytes(each.id) }))
  }
  const parts = ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']
  return inText(await navigator.credentials.get({ publicKey: options }), parts)
}

async function askedToSign (begin, sent) {
  const answer = await fetch(begin, { method: 'POST', body: sent })
  if (!answer.ok) throw Object.assign(new Error(), { said: answer.status === 429 ? 'tired' : WENT_WRONG })
  return answer.json()
}

function inText (made, parts) {
  const response = {}
  parts.filter(part => made.response[part]).forEach(part => { response[part] = text(made.response[part]) })
  return { id: made.id, rawId: text(made.rawId), type: made.type, response }
}

function say (trouble, what) {
  document.querySelectorAll('.govuk-error-summary').forEach(each => { each.hidden = each !== trouble })
  trouble.querySelectorAll('[data-when]').forEach(each => { each.hidden = each.dataset.when !== what })
  if (!document.title.startsWith('Error: ')) document.title = `Error: ${document.title}`
  trouble.focus()
}

// What JSON cannot hold is written as base64url.
function bytes (written) {
  return Uint8Array.from(window.atob(written.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0))
}

function text (buffer) {
  const signs = String.fromCharCode(...new Uint8Array(buffer))
  return window.btoa(signs).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
