// Two minutes before a sign-in ends, whoever is still there is asked. Without this it ends unasked, and no word is lost
// either: what is sent too late comes back to be copied.

const WARNING = 120 * 1000

export function watchEnding (dialog) {
  const stay = dialog.querySelector('form')
  const others = new BroadcastChannel('dhr-ending')
  let ends, last, said

  // The dialog has one paragraph for each of “idle”, “last”, “over” and “left”.
  function say (what) {
    said = what
    dialog.querySelectorAll('[data-when]').forEach(each => { each.hidden = each.dataset.when !== what })
    stay.hidden = what !== 'idle'
    dialog.querySelector('[data-close]').hidden = what === 'left'
    if (!dialog.open) dialog.showModal()
  }

  function goOn (until, isLast) {
    ends = until
    last = isLast
    said = ''
    dialog.close()
  }

  function look () {
    const left = ends - Date.now()
    if (said === 'left') return
    if (left <= 0) {
      if (said !== 'over') say('over')
    } else if (left <= WARNING && !said) {
      say(last ? 'last' : 'idle')
    }
  }

  function tellOthers () {
    others.postMessage({ ends, last })
  }

  // Nothing of what this tab showed stays readable once somebody has signed out.
  function wipe () {
    document.querySelectorAll('main, nav').forEach(each => each.replaceChildren())
    document.title = dialog.dataset.left
    dialog.querySelector('h2').textContent = dialog.dataset.left
    say('left')
  }

  // A page that was opened in another tab keeps this one signed in too; signing out there signs out here.
  others.addEventListener('message', event => {
    if (event.data.left) wipe()
    else if (said !== 'left' && event.data.ends > ends) goOn(event.data.ends, event.data.last)
  })

  stay.addEventListener('submit', async event => {
    event.preventDefault()
    try {
      const answer = await fetch(stay.action, { method: 'POST', body: new FormData(stay) })
      if (!answer.ok) throw new Error('over')
      const { seconds, last: isLast } = await answer.json()
      goOn(Date.now() + seconds * 1000, isLast)
      tellOthers()
    } catch {
      say('over')
    }
  })

  // Told as the page goes: whoever was asked about unsent words may still have stayed.
  let leaving = false
  document.querySelectorAll('form[data-sign-out]').forEach(form => {
    form.addEventListener('submit', () => { leaving = true })
  })
  window.addEventListener('pagehide', () => { if (leaving) others.postMessage({ left: true }) })

  dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close())
  goOn(Date.now() + Number(dialog.dataset.seconds) * 1000, dialog.dataset.last === 'yes')
  tellOthers()
  window.setInterval(look, 1000)
}
