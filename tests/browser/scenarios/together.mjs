import { equal, until } from '../person.mjs'

const BODY = 'Text of step 2'

export default async function together(world) {
  const [mara, ravi] = [await world.person('Mara Lind'), await world.person('Ravi Shah')]
  await Promise.all([mara.open('welcome'), ravi.open('welcome')])
  await Promise.all([mara.meets('Ravi Shah'), ravi.meets('Mara Lind')])

  await mara.write(BODY, ' Bergen answered.')
  await ravi.sees(BODY, 'Bergen answered.')
  await ravi.seesCaret(BODY, 'Mara Lind')
  await ravi.page.getByText('Editing step 2').or(ravi.page.getByText('In step 2')).first().waitFor()

  // Both at once, in one text: neither loses a word, and each sees the other's caret.
  await Promise.all([mara.goTo(BODY), ravi.goTo(BODY)])
  await Promise.all([
    mara.page.keyboard.type(' Mara asks Lyon and Graz.', { delay: 8 }),
    ravi.page.keyboard.type(' Ravi asks Turku and Ghent.', { delay: 8 }),
  ])
  await Promise.all([mara.seesCaret(BODY, 'Ravi Shah'), ravi.seesCaret(BODY, 'Mara Lind')])
  await until('both see the same', async () => {
    const [one, other] = await Promise.all([mara, ravi].map((person) => person.text(BODY).innerText()))
    return one === other
  })

  // An agent joins and works while a person types.
  const before = (await world.document('welcome')).plan.steps.length
  await world.test.ask('demo', { workspace: 'welcome' })
  await Promise.all([mara.meets('agent'), ravi.meets('agent')])
  await mara.page.locator('.cm-remote-agent').first().waitFor({ state: 'attached' })
  await mara.page.getByRole('link', { name: `Editing step ${before + 1}` }).waitFor()
  await world.photograph(mara.page, 'agent')
  await mara.write('Goal of the plan', ' It ends on Thursday, whatever the agent writes meanwhile.')
  await ravi.page.getByRole('textbox', { name: `Title of step ${before + 1}` }).waitFor()
  const { plan } = await world.document('welcome')
  equal(plan.goal.endsWith('It ends on Thursday, whatever the agent writes meanwhile.'), true, 'words stay whole')
  await Promise.all([mara.saved(), ravi.saved()])
  await world.photograph(ravi.page, 'after')
}
