// A sign-in in another tab changes the token of this browser; forms that stood open take the new one before they are sent.

/** Give `form` the token that the browser holds now. */
export function renewToken(form) {
  const held = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  const field = form.querySelector('input[name="csrfmiddlewaretoken"]');
  if (held && field) field.value = held;
}
