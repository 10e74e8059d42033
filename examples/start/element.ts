/** An element that page.html has. */
export const element = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
