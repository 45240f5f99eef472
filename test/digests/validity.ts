// Whether a mail is valid HTML, by html-validate.
import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard'],
  rules: {
    // Mail programs lay out by tables: align, bgcolor, cellpadding and their like are the markup that all of them know.
    'no-deprecated-attr': 'off',
  },
});

/** What is wrong, with where; about a tenth of a second for a mail. */
export async function problemsOf(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap(({ messages }) =>
    messages.map(m => `${m.line}:${m.column} ${m.ruleId} ${m.message}`),
  );
}
