// Every page works without this; it only adds GOV.UK Frontend's behaviours (focus on errors, counts, the menu on a phone).
import { initAll } from './govuk/govuk-frontend.min.js'
import { watchEnding } from './ending.js'
import { foldAway } from './fold.js'
import { offerPasskeys, proveByPasskey } from './passkey.js'
import { askBeforeLeaving } from './unsent.js'
import { watchUploads } from './uploads.js'

initAll()

// Files that are handed in go up one by one, each with its progress.
document.querySelectorAll('form[data-uploads]').forEach(watchUploads)

// The ways inside a review stand behind a button where there is little room.
document.querySelectorAll('[data-fold]').forEach(foldAway)

// Passkeys, where the browser knows them.
document.querySelectorAll('[data-passkeys]').forEach(offerPasskeys)
document.querySelectorAll('[data-prove]').forEach(proveByPasskey)

// Nobody leaves behind what they wrote without being asked.
askBeforeLeaving(document)

// Nobody is signed out unasked.
document.querySelectorAll('[data-ending]').forEach(watchEnding)
