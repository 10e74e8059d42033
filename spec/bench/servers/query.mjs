export const query = ({ url }) => Object.fromEntries(new URL(url, 'ws://localhost').searchParams);
