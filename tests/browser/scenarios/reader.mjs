// What a screen reader is told of the main screens: landmarks, headings, names and states, in the
// order in which they are read.
import { clinic, goesOn } from '../clinic.mjs'

export default async function reader(world) {
  const desk = await clinic(world)
  const mara = await world.person('Mara Lind')
  await mara.open('clinic')
  await mara.saved()
  await mara.inbox()
  await goesOn(desk)
  await mara.page.getByRole('button', { name: /^Review: Send 48/ }).waitFor()
  await reads(mara, 'the inbox', INBOX)

  await mara.open('clinic')
  await mara.page.getByText('Emails go out from').waitFor()
  await mara.sign('saved')
  await reads(mara, 'the plan', PLAN)
  await mara.press('r')
  await mara.page.getByRole('article', { name: 'Change' }).first().waitFor()
  await reads(mara, 'the review', REVIEW)
  await mara.press('h')
  await mara.page.getByRole('dialog', { name: 'Hand off this plan' }).waitFor()
  await reads(mara, 'the hand-off', HAND_OFF)

  await mara.open('clinic', 'briefing')
  await mara.page.getByRole('button', { name: 'Decide…' }).first().waitFor()
  await reads(mara, 'the briefing', BRIEFING)
  await mara.open('clinic', 'tasks')
  await mara.page.getByRole('link', { name: 'Step 3' }).waitFor()
  await reads(mara, 'the tasks', TASKS)
  await mara.open('clinic', 'activity')
  await mara.page.getByText('asked: Send 48').waitFor()
  await reads(mara, 'the activity', ACTIVITY)
}

/** Whether the accessibility tree holds these lines in this order. */
async function reads(mara, where, lines) {
  const tree = await mara.page.locator('body').ariaSnapshot()
  let rest = tree
  for (const line of lines) {
    const at = rest.indexOf(line)
    if (at < 0) throw new Error(`${where} does not read ${line} where it should:\n${tree}`)
    rest = rest.slice(at + line.length)
  }
}

const INBOX = [
  '- banner:',
  'navigation "Pages":',
  'link "Inbox 2 waiting"',
  '- main:',
  'heading "Good ',
  'Mara" [level=1]',
  'Two things are waiting for you.',
  'region "Needs you":',
  'heading "Needs you" [level=2]',
  'Cannot be undone',
  '"Review: Send 48 invitation emails?, Clinic interview study"',
  '"Claim: The plan waits in the queue “people”, Clinic interview study"',
]
const PLAN = [
  '- banner:',
  'heading "Clinic interview study" [level=1]',
  'list "Here now":',
  'listitem "Mara Lind (you)"',
  'region "Who holds the pen":',
  'heading "This plan waits in the queue “people”" [level=2]',
  'Planner handed it over',
  'button "Review 4 changes',
  'navigation "Parts of the workspace":',
  '- main:',
  'region "Goal":',
  'listitem "Step 1":',
  'heading "Confirm scope with the clinics" [level=3]:',
  'textbox "Title of step 1"',
  '"Status of step 1: Done"',
  'textbox "Text of step 1":',
  'checkbox "Northside" [checked]',
  'listitem "Step 2":',
  'insertion: "added: or a donation"',
  'article "Planner suggests":',
  'so that evening clinic staff are paid fairly.',
  'button "Accept',
  'listitem "Step 4":',
  'article "Planner suggests":',
  'Text changed underneath',
  'term: It was',
  'definition: ten transcripts',
  'complementary "About this plan":',
  'region "Needs you 3":',
  'article "Send 48 invitation emails?":',
  'If you approve Emails go out from study@lab.example at 09:00 tomorrow.',
  'Cannot be undone · waits for you, nothing runs yet',
  'textbox "A note that goes with your answer"',
  'button "Approve" [disabled]',
  'heading "Comments 1" [level=2]',
  'blockquote: Screen by phone',
  'progressbar "Steps done"',
]
const REVIEW = [
  'button "Back to the text',
  '[pressed]',
  'region "Review":',
  'combobox "Changes since',
  'status: 4 changes left',
  'article "Change":',
  'text: Planner',
  'deletion: "removed: 40"',
  'insertion: "added: 48"',
  'button "Looks good',
  'button "Put back',
  'button "Comment"',
]
const HAND_OFF = [
  'dialog "Hand off this plan":',
  'heading "Hand off this plan" [level=2]',
  'Nothing is copied.',
  'group "New owner":',
  'radio "Planner',
  '[checked]',
  'textbox "What should they know?"',
  'region "They will see":',
  '4 steps, 1 done, 1 to approve',
  'button "Cancel"',
  'button "Hand to Planner',
]
const BRIEFING = [
  'heading "Intent" [level=2]',
  'heading "Next step" [level=2]',
  'heading "Tried" [level=2]',
  'listitem "Action 1":',
  '"Outcome of action 1: Worked"',
  'heading "Open questions" [level=2]',
  'listitem "Question 1":',
  'textbox "Answer to question 1"',
  'button "Decide…"',
  'complementary "Signals and facts":',
  'slider "Confidence": "70"',
  'group "Mood":',
  'radio "Neutral" [checked]',
  'heading "Sources" [level=2]',
]
const TASKS = [
  'group "How tasks are shown":',
  'button "Board" [pressed]',
  'region "To do":',
  '"Status: To do"',
  'textbox "Task"',
  'link "Waits for “Choose the gift card”"',
  'region "Doing":',
  'High Due 2026-12-01',
  'region "Waiting on you":',
  'region "Done":',
]
const ACTIVITY = [
  'heading "Activity" [level=2]',
  'group "What to show":',
  'button "Everything" [pressed]',
  'heading "Today" [level=3]',
  'link "handed the plan to the queue “people”"',
  '“Draft is complete. Budget and sampling need a human call.”',
  'asked: Send 48 invitation emails?',
]
