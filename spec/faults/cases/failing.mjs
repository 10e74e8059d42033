// The ways in which a function of a user can fail.
const error = () => new Error('of the user');

export const throws = () => {
  throw error();
};
export const rejects = () => Promise.reject(error());
export const never = () => new Promise(() => {});
