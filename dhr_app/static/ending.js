// Two minutes before a sign-in ends, whoever is still there is asked. Without this it ends unasked, and no word is lost
// either: what is sent too late comes back to be copied.

const WARNING = 120 * 1000

export function watchEnding (dialog) {
  const stay = dialog.querySelector('form')
  const others = new BroadcastChannel('dhr-ending')
  let ends, last, said

  // The dialog has one paragraph for each of “idle”, “last” and “over”.
  function say (what) {
    said = what
    dialog.querySelectorAll('[data-when]').forEach(each => { each.hidden = each.dataset.when !== what })
    stay.hidden = what !== 'idle'
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
    if (left <= 0) {
      if (said !== 'over') say('over')
    } else if (left <= WARNING && !said) {
      say(last ? 'last' : 'idle')
    }
  }

  function tellOthers () {
    others.postMessage({ ends, last })
  }

  // A page that was opened in another tab keeps this one signed in too.
  others.addEventListener('message', event => {
    if (event.data.ends > ends) goOn(event.data.ends, event.data.last)
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

  dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close())
  goOn(Date.now() + Number(dialog.dataset.seconds) * 1000, dialog.dataset.last === 'yes')
  tellOthers()
  window.setInterval(look, 1000)
}
