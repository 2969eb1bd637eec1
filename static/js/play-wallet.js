// Keeps balance, waiting payments and blocks fresh, unless somebody is about to press a button there.
(() => {
  const live = document.getElementById("live");
  if (!live) return;

  const refresh = async () => {
    if (document.hidden || live.contains(document.activeElement)) return;
    try {
      const answer = await fetch("/live", { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const text = await answer.text();
      const selection = document.getSelection();
      const reading = selection && !selection.isCollapsed && live.contains(selection.anchorNode);
      if (!reading && !live.contains(document.activeElement) && live.innerHTML !== text) live.innerHTML = text;
    } catch {
      // The sandbox is being restarted; the next round tries again.
    }
  };

  setInterval(refresh, 3000);
})();
