// What the checks ask of a page: an object of questions. Every answer is a list of what is wrong, or of what is there.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const shown = (element) => element.getClientRects().length > 0;

  function charts() {
    return all("figure").map((figure) => {
      const svg = figure.querySelector("svg");
      const { width, height } = svg ? svg.getBoundingClientRect() : {};
      const drawn = svg ? all("rect[fill^='url(']", svg) : [];
      const shapes = drawn.filter((shape) => shape.getBoundingClientRect().width > 0).length;
      return { statistic: figure.id.replace("chart-", ""), width, height, shapes };
    });
  }

  function flaws() {
    const found = [];
    const must = (holds, flaw) => holds || found.push(flaw);
    must(all("h1").length === 1, "not one h1");
    must(all("main").length === 1 && all("header").length === 1 && all("nav").length === 1, "landmarks");
    let level = 0;
    for (const heading of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
      const own = Number(heading.tagName[1]);
      must(own <= level + 1, `heading skips a level: ${heading.textContent}`);
      level = own;
    }
    const ids = all("[id]").map((element) => element.id);
    ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => found.push(`id twice: ${id}`));
    for (const link of all("a[href^='#']")) {
      must(document.getElementById(link.hash.slice(1)), `link to nothing: ${link.hash}`);
      must(link.textContent.trim(), "link without text");
    }
    for (const table of all("table")) {
      const caption = table.caption?.textContent ?? "";
      must(caption.trim(), "table without a caption");
      must(all("th:not([scope])", table).length === 0, `header without a scope: ${caption}`);
      must(all("tr", table).every((row) => row.cells.length === table.rows[0].cells.length
        || row.cells[0].colSpan > 1), `ragged table: ${caption}`);
    }
    for (const svg of all("svg")) {
      must(svg.ariaHidden === "true" || (svg.role === "img" && svg.ariaLabel), "picture without a name");
    }
    for (const [pattern] of document.body.innerHTML.matchAll(/url\(#[\w-]+\)/g)) {
      must(document.getElementById(pattern.slice(5, -1)), `fill of nothing: ${pattern}`);
    }
    for (const region of all("[role=region], section")) {
      const name = region.ariaLabel || document.getElementById(region.getAttribute("aria-labelledby"))?.textContent;
      must(name, "region without a name");
    }
    return found;
  }

  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const lightness = ([red, green, blue]) => {
    const linear = (channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };

  function ground(element) {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  }

  // WCAG 2.2, 1.4.3 at level AA. The watermark is decoration.
  function faint() {
    const texts = all("body *").filter((element) => shown(element) && !element.closest("[aria-hidden=true], style")
      && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
    const ratio = (element) => {
      const style = getComputedStyle(element);
      const ink = lightness(channels(element.closest("svg") ? style.fill : style.color));
      const paper = lightness(ground(element));
      return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    };
    const isFaint = (element) => {
      const { fontSize, fontWeight } = getComputedStyle(element);
      const isLarge = parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24);
      return ratio(element) < (isLarge ? 3 : 4.5);
    };
    const told = (element) => `${ratio(element).toFixed(2)}: ${element.tagName} ${element.textContent.trim().slice(0, 40)}`;
    return texts.filter(isFaint).map(told);
  }

  function cut() {
    const isCut = (element) => element.scrollWidth > element.clientWidth + 1 || element.getBoundingClientRect().right > innerWidth + 1;
    return all(".scroll, pre, figure").filter(shown).filter(isCut)
      .map((element) => `${element.ariaLabel ?? element.tagName}: ${element.scrollWidth} of ${element.clientWidth}`);
  }

  function rows(statistic) {
    const table = document.getElementById(`statistic-${statistic}`).nextElementSibling.querySelector("table");
    return all("tbody tr", table).map((row) => [...row.cells].map((cell) => cell.textContent.replaceAll(",", "")));
  }

  // In lines of text: one that is higher than another one of the same size was broken.
  const lines = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
  };

  function broken(selector) {
    return all(selector).filter(shown).filter((element) => lines(element) > 1).map((element) => element.textContent);
  }

  function hidden(selector) {
    return all(selector).filter((element) => !element.checkVisibility({ contentVisibilityAuto: true }))
      .map((element) => element.textContent);
  }

  function cells(region) {
    const table = all(".scroll").find((found) => found.ariaLabel === region).querySelector("table");
    return all("tbody tr", table).map((row) => [...row.cells].map((cell) => cell.textContent.replaceAll(",", "")));
  }

  return { charts, flaws, faint, cut, rows, broken, hidden, cells };
})()
