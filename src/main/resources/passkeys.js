"use strict";
// Asks the browser for a passkey, and puts its answer into a field of the form. What is asked for is in the form too.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const options = JSON.parse(form.dataset.passkey);
  const makes = "user" in options;
  const failure = form.querySelector("[data-failure]");
  let waiting = null; // the offer beside the field for the address, which another request must end

  const known = () => makes ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
    : PublicKeyCredential.parseRequestOptionsFromJSON(options);

  const send = (credential) => {
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  };

  const ask = async () => {
    failure.hidden = true;
    if (waiting) {
      waiting.abort();
      waiting = null;
    }
    try {
      send(makes ? await navigator.credentials.create({publicKey: known()})
        : await navigator.credentials.get({publicKey: known()}));
    } catch (error) {
      failure.textContent = error.name === "InvalidStateError" ? "This device has a passkey of yours already."
        : "No passkey was used. Try again, or go on without one.";
      failure.hidden = false;
    }
  };

  const offer = async () => {
    if (!("autofill" in form.dataset) || !PublicKeyCredential.isConditionalMediationAvailable
        || !await PublicKeyCredential.isConditionalMediationAvailable()) {
      return;
    }
    waiting = new AbortController();
    try {
      send(await navigator.credentials.get({publicKey: known(), mediation: "conditional", signal: waiting.signal}));
    } catch (error) {
      if (error.name !== "AbortError") {
        form.dataset.offered = error.name; // the button still works
      }
    }
  };

  if (window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask();
    });
    offer();
  }
}
