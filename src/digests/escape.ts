// Text as it may stand in HTML. Handlebars would write "=" and "`" as entities too, which takes room.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes what ends a text or a quoted attribute. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, c => ENTITIES[c] as string);

/** Escapes text between tags, where an apostrophe does nothing. A quote would look like a link's to a simple reader. */
export const escapeText = (text: string) => text.replace(/[&<>"]/g, c => ENTITIES[c] as string);
