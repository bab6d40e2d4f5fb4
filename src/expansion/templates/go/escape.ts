const HTML: Readonly<Record<string, string>> = {
  '\0': '\uFFFD',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character);
}

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

/** template.JSEscapeString: also control characters and what does not print. */
export function escapeJs(text: string): string {
  return text.replace(
    /[\\'"<>&=]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu,
    (character) => JS[character] ?? hexEscape(character),
  );
}

function hexEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return character;
  return `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** url.QueryEscape. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
