// Words that were written and not sent: whoever is about to leave them behind is asked first, in the browser’s own words.
// Without this nothing is asked. A form that hands in files does this for itself (uploads.js).

const WORDS = 'textarea, input[type="text"]'

export function askBeforeLeaving (page) {
  const notSaved = page.querySelector('[data-not-saved]') !== null
  const forms = [...page.querySelectorAll('main form[method="post"]:not([data-uploads])')]
    .filter(form => notSaved || (form.querySelector(WORDS) && !form.querySelector('input[type="password"]')))
  const again = page.querySelector('.govuk-error-summary:not([hidden])') !== null
  const back = again ? cameBack(forms) : []
  let sent = null

  page.addEventListener('submit', event => {
    sent = event.target
    if (again) readAnewFromNowOn()
  })
  window.addEventListener('pageshow', () => { sent = null })
  window.addEventListener('beforeunload', event => {
    const left = forms.filter(form => form !== sent && form.isConnected)
    if (left.some(form => notSaved || (back.includes(form) && hasWords(form)) || [...form.elements].some(isChanged))) {
      event.preventDefault()
    }
  })
}

// A form that came back with what is wrong is the answer to having sent it, and whoever comes back to it later would have
// to send that again, which browsers ask about on a page of their own. Once it is sent anew, “back” opens the form afresh.
// Until then it stays as it is: to read it again brings back every word.
function readAnewFromNowOn () {
  window.history.replaceState(null, '', window.location.href)
}

// The form that holds what is wrong came back; others beside it hold what the page gave them. Where only the summary says
// what is wrong, it may be any of them.
function cameBack (forms) {
  const wrong = forms.filter(form => form.querySelector('.govuk-error-message'))
  return wrong.length ? wrong : forms
}

function hasWords (form) {
  return [...form.querySelectorAll(WORDS)].some(box => box.value.trim())
}

function isChanged (box) {
  switch (box.type) {
    case 'textarea':
    case 'text':
      return box.value !== box.defaultValue
    case 'checkbox':
    case 'radio':
      return box.checked !== box.defaultChecked
    case 'file':
      return box.files.length > 0
    case 'select-one':
      return !chosenAtFirst(box).selected
    default:
      return false
  }
}

function chosenAtFirst (list) {
  return [...list.options].find(option => option.defaultSelected) || list.options[0]
}
