// One to five stars and a comment, once a chat is resolved. Radio buttons underneath, so the keyboard works.
import { h, icon } from './dom.ts';
import type { Session } from './session.ts';
import type { Words } from './texts.ts';

export class Rating {
  readonly element: HTMLElement;
  readonly #form: HTMLFormElement;
  readonly #thanks: HTMLElement;
  readonly #more: HTMLElement;
  readonly #session: Session;
  #score = 0;
  #of = '';

  constructor(session: Session, words: Words) {
    this.#session = session;
    const comment = h('textarea', {
      rows: '2',
      maxlength: 1_000,
      dir: 'auto',
      'aria-label': words.say('comment'),
      placeholder: words.say('comment'),
    });
    this.#more = h('div', { class: 'more', hidden: true }, comment, h('button', { class: 'fill' }, words.say('sendRating')));
    this.#form = h(
      'form',
      {
        onsubmit: (event: Event) => {
          event.preventDefault();
          if (this.#score) void session.rate(this.#score, comment.value.trim());
        },
      },
      h(
        'fieldset',
        {},
        h('legend', {}, words.say('rate')),
        h('div', { class: 'stars' }, ...[1, 2, 3, 4, 5].map((score) => this.#star(score, words))),
      ),
      this.#more,
    );
    this.#thanks = h('p', { class: 'thanks', hidden: true }, icon('check'), words.say('thanks'));
    this.element = h('div', { class: 'rating', hidden: true }, this.#form, this.#thanks);
  }

  draw(): void {
    const chat = this.#session.conversation;
    const over = chat?.status === 'resolved' || chat?.status === 'closed';
    // A chat that was reopened or started anew asks afresh.
    const of = chat && over ? chat.conversation_id : '';
    if (of !== this.#of) this.#pick(0);
    this.#of = of;
    this.element.hidden = !over;
    this.#form.hidden = Boolean(chat?.rating);
    this.#thanks.hidden = !chat?.rating;
  }

  #star(score: number, words: Words): HTMLElement {
    return h(
      'label',
      {},
      h('input', {
        type: 'radio',
        name: 'score',
        class: 'hidden',
        'aria-label': words.say('score', { n: score }),
        onchange: () => this.#pick(score),
      }),
      icon('star'),
    );
  }

  #pick(score: number): void {
    this.#score = score;
    this.#more.hidden = !score;
    if (!score) this.#form.reset();
    this.#form.querySelectorAll('label').forEach((label, index) => label.classList.toggle('on', index < score));
  }
}
