import { ExpansionFailure } from '../failure.js';

/** Compiling as many takes a tenth of a second; templates of people have some dozens. */
const MOST_TAGS = 10_000;

/** Counts the tags of texts that are compiled in one go. */
export class TagLimit {
  private tags = 0;

  /** Throws ExpansionFailure TEMPLATE_TOO_LARGE before anything of too many tags is compiled. */
  count(text: string, path: string): void {
    for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at + 2)) {
      this.tags += 1;
      if (this.tags <= MOST_TAGS) continue;
      const hint = 'move what repeats into a chart or the files it reads';
      throw new ExpansionFailure('TEMPLATE_TOO_LARGE', `a template may hold ${MOST_TAGS} tags; ${hint}`, path);
    }
  }
}
