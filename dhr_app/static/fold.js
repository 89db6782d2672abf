// On a telephone the ways inside a review fold away behind a button. Without this they stand in rows, as on a desk.

const NARROW = '(max-width: 40.0525em)' // where GOV.UK Frontend’s own menu folds away, too

export function foldAway (nav) {
  const list = nav.querySelector('ul')
  const folded = document.createElement('div')
  const button = document.createElement('button')
  const narrow = window.matchMedia(NARROW)
  folded.id = 'parts-of-this-review'
  button.type = 'button'
  button.className = 'govuk-service-navigation__toggle'
  button.textContent = nav.dataset.fold
  button.setAttribute('aria-controls', folded.id)
  list.replaceWith(button, folded)
  folded.append(list)

  function show (open) {
    button.setAttribute('aria-expanded', String(open))
    folded.hidden = !open
  }

  function fit () {
    button.hidden = !narrow.matches
    show(!narrow.matches)
  }

  button.addEventListener('click', () => show(folded.hidden))
  narrow.addEventListener('change', fit)
  fit()
}
