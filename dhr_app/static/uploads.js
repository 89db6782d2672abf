// Files that go up one by one, each with its progress in words. Without this the same form sends them all at once.

const PERCENT = 100

export function watchUploads (form) {
  const told = form.querySelector('[data-uploads-told]')
  const list = form.querySelector('[data-uploads-list]')
  const status = form.querySelector('[data-uploads-status]')
  const after = form.querySelector('[data-uploads-after]')
  const button = form.querySelector('button[type="submit"], button:not([type])')
  let busy = false

  form.addEventListener('submit', async event => {
    const chosen = chosenFiles(form)
    if (busy) { event.preventDefault(); return }
    if (!chosen.length) return // the server says what is missing
    event.preventDefault()
    busy = true
    button.disabled = true
    told.hidden = false
    told.querySelector('h2').focus()
    let refused = 0
    const lines = chosen.map(({ file }) => line(list, file.name, 'waiting'))
    for (const [number, each] of chosen.entries()) {
      const answer = await handIn(form, each, percent => {
        lines[number](percent < PERCENT ? `${percent}% sent` : 'sent, being looked at', percent)
      })
      lines[number](answer.sentence, null, answer.taken)
      if (!answer.taken) refused += 1
      status.textContent = `${each.file.name}: ${answer.sentence}`
    }
    form.querySelectorAll('input[type="file"]').forEach(box => { box.value = '' })
    after.hidden = false
    status.textContent = refused
      ? `${chosen.length - refused} handed in, ${refused} not taken.`
      : `${chosen.length} handed in.`
    busy = false
    button.disabled = false
  })

  window.addEventListener('beforeunload', event => { if (busy) event.preventDefault() })
}

function chosenFiles (form) {
  return [...form.querySelectorAll('input[type="file"]')]
    .flatMap(box => [...box.files].map(file => ({ box: box.name, file })))
}

// One line of the list: the name, then what is happening to it. Text only: nothing here is read as HTML.
function line (list, name, words) {
  const item = document.createElement('li')
  const title = document.createElement('strong')
  const said = document.createElement('span')
  const bar = document.createElement('progress')
  title.textContent = name
  said.textContent = words
  bar.max = PERCENT
  bar.value = 0
  bar.setAttribute('aria-label', `How much of ${name} is sent`)
  item.append(title, document.createElement('br'), bar, ' ', said)
  list.append(item)
  return (sentence, percent, taken) => {
    if (said.textContent !== sentence) said.textContent = sentence
    if (percent !== null) bar.value = percent
    else bar.remove()
    if (taken === true) said.textContent = `Handed in: ${sentence}.`
    if (taken === false) { said.textContent = `Not taken. ${sentence}`; said.className = 'govuk-error-message' }
  }
}

function handIn (form, { box, file }, tell) {
  if (file.size > Number(form.dataset.uploadsLargest)) {
    return Promise.resolve({ taken: false, sentence: form.dataset.uploadsTooLarge })
  }
  const data = new FormData()
  for (const [name, value] of new FormData(form)) if (!(value instanceof File)) data.append(name, value)
  data.append(box, file)
  return new Promise(resolve => {
    const request = new XMLHttpRequest()
    request.open('POST', form.action)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.addEventListener('progress', event => {
      if (event.lengthComputable) tell(Math.floor(PERCENT * event.loaded / event.total))
    })
    request.addEventListener('load', () => resolve(outcome(form, request)))
    request.addEventListener('error', () => resolve({ taken: false, sentence: form.dataset.uploadsBroken }))
    request.send(data)
  })
}

function outcome (form, request) {
  try {
    const answer = JSON.parse(request.responseText)
    if (answer.outcomes.length) return answer.outcomes[0]
    return { taken: false, sentence: Object.values(answer.errors).flat().join(' ') }
  } catch {
    const sentence = request.status === 401 ? form.dataset.uploadsSignedOut : form.dataset.uploadsBroken
    return { taken: false, sentence }
  }
}
