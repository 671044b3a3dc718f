import { MediaQuery } from 'svelte/reactivity';

/** Room for list, conversation and context side by side. */
export const threePanes = new MediaQuery('min-width: 1180px', true);
/** Room for list and conversation side by side. */
export const twoPanes = new MediaQuery('min-width: 800px', true);
