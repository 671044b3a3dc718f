/** What speaks for and against two contacts being one person, as the server names it. */
export const signs: readonly string[] = ['phone', 'email', 'name_and_company', 'both_verified', 'different_phone', 'different_email', 'different_name'];
