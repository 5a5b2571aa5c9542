// Calls the action of each key that is pressed within `target`, with `argument`. A space on a button
// presses the button instead.
function listenToKeys(target, actions, argument) {
  target.addEventListener("keydown", (event) => {
    const pressesButton = event.key === " " && event.target.matches("button");
    const action = actions[event.key];
    if (!action || pressesButton || event.ctrlKey || event.metaKey || event.altKey) return;
    action(argument);
    event.preventDefault();
    event.stopPropagation(); // Streamlit has shortcuts of its own
  });
}
