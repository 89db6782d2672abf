// Every page works without this; it only adds GOV.UK Frontend's behaviours (focus on errors, counts, the menu on a phone).
import { initAll } from './govuk/govuk-frontend.min.js'

initAll()
