// Files that go up one by one, each with its progress in words. Without this the same form sends them all at once.

const PERCENT = 100

export function watchUploads (form) {
  const find = name => form.querySelector(`[data-uploads-${name}]`)
  const told = find('told')
  const list = find('list')
  const status = find('status')
  const button = form.querySelector('button[type="submit"], button:not([type])')
  let busy = false
  let leaving = false

  form.addEventListener('submit', async event => {
    const chosen = chosenFiles(form)
    if (busy) { event.preventDefault(); return }
    if (!chosen.length) { leaving = true; return } // the server says what is missing
    event.preventDefault()
    busy = true
    button.disabled = true
    clearErrors(form, list)
    told.hidden = false
    told.querySelector('h2').focus()
    const lines = chosen.map(({ file }) => line(list, file.name))
    const problem = await freshToken(form) || await handInAll(form, chosen, lines, status)
    chosen.forEach((each, number) => { if (each.taken === undefined) lines[number].remove() })
    if (problem) tellProblem(find('problem'), problem)
    keepWhatIsLeft(form, chosen)
    const taken = chosen.filter(each => each.taken).length
    find('after').hidden = !taken
    const left = chosen.length - taken
    status.textContent = problem?.sentence || (left ? `${taken} handed in, ${left} not taken.` : `${taken} handed in.`)
    busy = false
    button.disabled = false
  })

  window.addEventListener('beforeunload', event => {
    if (busy || (!leaving && isBegun(form))) event.preventDefault()
  })
}

function chosenFiles (form) {
  return [...form.querySelectorAll('input[type="file"]')]
    .flatMap(box => [...box.files].map(file => ({ box, file })))
}

// Whether something would be lost with this page: a note, a title of one’s own, a file that was chosen.
function isBegun (form) {
  const { note, title } = form.elements
  return Boolean(note.value.trim() || title.value !== title.defaultValue || chosenFiles(form).length)
}

// What was wrong the last time is put right, or said again.
function clearErrors (form, list) {
  form.ownerDocument.querySelectorAll('.govuk-error-summary').forEach(each => each.remove())
  form.querySelectorAll('.govuk-form-group--error').forEach(group => {
    group.classList.remove('govuk-form-group--error')
    group.querySelectorAll('.govuk-error-message').forEach(each => each.remove())
  })
  form.querySelectorAll('[class*="--error"]').forEach(each => {
    each.classList.remove('govuk-input--error', 'govuk-textarea--error', 'govuk-file-upload--error')
  })
  list.querySelectorAll('[data-uploads-not-taken]').forEach(each => each.remove())
  form.querySelector('[data-uploads-problem]').hidden = true
  document.title = document.title.replace(/^Error: /, '')
}

// The form’s token is asked for anew: whoever signed in again in another tab can go on here.
async function freshToken (form) {
  try {
    const answer = await fetch(form.action, { headers: { Accept: 'application/json' } })
    if (new URL(answer.url).pathname !== new URL(form.action).pathname) return signedOut(form)
    form.elements.csrf_token.value = (await answer.json()).token
    return null
  } catch {
    return { sentence: form.dataset.uploadsNoAnswer }
  }
}

function signedOut (form) {
  return { sentence: form.dataset.uploadsSignedOut, signIn: form.dataset.uploadsSignIn }
}

function tellProblem (problem, { sentence, signIn }) {
  const place = problem.querySelector('p')
  place.textContent = sentence
  problem.hidden = false
  if (!signIn) return
  const link = document.createElement('a')
  link.className = 'govuk-link'
  link.href = signIn
  link.target = '_blank'
  link.rel = 'noopener'
  link.textContent = 'Sign in (opens in a new tab)'
  place.append(' ', link)
}

// Returns what stopped it, if something did. Each file is told whether it was taken: true, false, or null for unknown.
async function handInAll (form, chosen, lines, status) {
  form.elements.together.value = chosen.filter(each => each.box.name === 'other').length
  for (const [number, each] of chosen.entries()) {
    const answer = await handIn(form, each, percent => lines[number].progress(percent))
    if (answer.problem) return answer.problem
    each.taken = answer.taken
    lines[number].end(answer)
    status.textContent = `${each.file.name}: ${answer.sentence}`
  }
  return null
}

// A file that was not taken stays chosen, so that it can be sent again; a note goes with the files that took it.
function keepWhatIsLeft (form, chosen) {
  for (const box of new Set(chosen.map(each => each.box))) {
    const left = new DataTransfer()
    chosen.filter(each => each.box === box && !each.taken).forEach(each => left.items.add(each.file))
    box.files = left.files
    if (box.name === 'other' && !left.files.length) form.elements.title.value = form.elements.title.defaultValue = ''
  }
  if (chosenFiles(form).length) return
  form.elements.note.value = ''
  form.elements.note.dispatchEvent(new Event('keyup')) // which counts what is left of its length
}

// One line of the list: the name, then what is happening to it. Text only: nothing here is read as HTML.
function line (list, name) {
  const item = document.createElement('li')
  const title = document.createElement('strong')
  const said = document.createElement('span')
  const bar = document.createElement('progress')
  title.textContent = name
  said.textContent = 'waiting'
  bar.max = PERCENT
  bar.value = 0
  bar.setAttribute('aria-label', `How much of ${name} is sent`)
  item.append(title, document.createElement('br'), bar, ' ', said)
  list.append(item)
  return {
    remove: () => item.remove(),
    progress (percent) {
      const sentence = percent < PERCENT ? `${percent}% sent` : 'sent, being looked at'
      if (said.textContent !== sentence) said.textContent = sentence
      bar.value = percent
    },
    end ({ taken, sentence, time }) {
      bar.remove()
      if (taken) {
        const done = document.createElement('strong')
        done.className = 'moj-badge moj-badge--green'
        done.textContent = '✓ Handed in'
        said.before(done, ' ')
        said.textContent = `at ${time}: ${sentence}.`
      } else {
        item.dataset.uploadsNotTaken = ''
        said.textContent = `${taken === null ? 'Not known whether it arrived.' : 'Not taken.'} ${sentence}`
        said.className = 'govuk-error-message'
      }
    }
  }
}

function handIn (form, { box, file }, tell) {
  if (file.size > Number(form.dataset.uploadsLargest)) {
    return Promise.resolve({ taken: false, sentence: form.dataset.uploadsTooLarge })
  }
  const data = new FormData()
  for (const [name, value] of new FormData(form)) if (!(value instanceof File)) data.append(name, value)
  data.append(box.name, file)
  return new Promise(resolve => {
    const request = new XMLHttpRequest()
    let whole = false
    request.open('POST', form.action)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.addEventListener('progress', event => {
      if (event.lengthComputable) tell(Math.floor(PERCENT * event.loaded / event.total))
    })
    request.upload.addEventListener('load', () => { whole = true })
    request.addEventListener('load', () => resolve(outcome(form, request)))
    for (const end of ['error', 'abort']) {
      request.addEventListener(end, () => resolve(whole ? unknown(form) : brokenOff(form)))
    }
    request.send(data)
  })
}

function unknown (form) {
  return { taken: null, sentence: form.dataset.uploadsUnknown }
}

function brokenOff (form) {
  return { taken: false, sentence: form.dataset.uploadsBroken }
}

function outcome (form, request) {
  if (request.status === 401) return { problem: signedOut(form) }
  try {
    const answer = JSON.parse(request.responseText)
    return answer.outcomes[0] || { problem: { sentence: answer.errors.join(' ') } }
  } catch {
    return unknown(form)
  }
}
