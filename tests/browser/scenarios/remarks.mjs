// Text changes underneath what others said about it: a suggestion says so and shows what it was,
// what was suggested and what is; a comment keeps the words that it was about.
import { Agent } from '../agent.mjs'
import { equal } from '../person.mjs'

const BODY = 'Offer a $40 gift card.\nMeet in the lab in May.'

export default async function remarks(world) {
  const planner = await Agent.named(world, 'Planner')
  await planner.create('study', 'Clinic study', { plan: { steps: [{ id: 's1', title: 'Invite', body: BODY }] } })
  const study = planner.at('study')
  await study.suggest('plan/steps/s1/body', '$40 gift card', '$50 voucher', 'So that evenings are paid fairly.')
  await study.post('/threads', { target: 'plan/steps/s1/body', quote: 'in the lab', text: 'Is the lab open then?' })
  const mara = await world.person('Mara Lind')
  await mara.open('study')
  const { page } = mara
  const suggestion = page.getByRole('article', { name: 'Planner suggests' })
  await suggestion.getByRole('button', { name: 'Accept' }).waitFor()
  await page.getByRole('article', { name: 'Comment' }).getByText('Is the lab open then?').waitFor()
  await world.photograph(page, 'fits')

  await rewrites(mara)
  await suggestion.getByText('Text changed underneath').waitFor()
  const terms = await suggestion.locator('dt, dd').allTextContents()
  equal(terms, ['It was', '$40 gift card', 'Suggested', '$50 voucher', 'Now', '$45 gift card'], 'three versions')
  equal(await suggestion.getByRole('button', { name: 'Accept' }).count(), 0, 'it cannot be taken over')
  await page.getByText('1 comment on text that is gone').waitFor()
  const comment = page.getByRole('article', { name: 'Comment' })
  await comment.getByText(/The text is gone. It read:\s*in the lab/).waitFor()
  await world.photograph(page, 'changed')

  await suggestion.getByRole('button', { name: 'Dismiss' }).click()
  await suggestion.waitFor({ state: 'detached' })
  await comment.getByRole('button', { name: 'Resolve' }).click()
  await comment.waitFor({ state: 'detached' })
}

/** Types over the passages that the suggestion and the comment are about. */
async function rewrites(mara) {
  await mara.select('Text of step 1', placeOf('0 gift', BODY))
  await mara.page.keyboard.type('5 gift')
  await mara.select('Text of step 1', placeOf('in the lab ', BODY.replace('0 gift', '5 gift')))
  await mara.press('Delete')
  await mara.saved()
  const { plan } = await mara.world.document('study')
  equal(plan.steps[0].body, 'Offer a $45 gift card.\nMeet in May.', 'the text')
}

function placeOf(words, text) {
  const from = text.indexOf(words)
  return { from, to: from + words.length }
}
