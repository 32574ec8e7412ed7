(() => {
  'use strict';
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at('rows').textContent);
  const TARGET = 0, LINKED = 1, OWNER = 2, LEVEL = 3, SCORE = 4, VERDICTS = 5, LICENSE = 6, YEAR = 7, FAILURE = 8;
  const heads = [...document.querySelectorAll('#table thead th')];
  const criteria = heads.length - 6;
  const SVG = 'http://www.w3.org/2000/svg';
  const number = new Intl.NumberFormat(data.lang), decimal = new Intl.NumberFormat(data.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const order = new Intl.Collator(data.lang, { numeric: true, sensitivity: 'base' }).compare;
  const tall = (row) => [row[TARGET], row[OWNER], row[LICENSE]].join('\n').toLowerCase();
  const searched = data.rows.map(tall);
  let fitting = data.rows.map((_, i) => i), page = 0, column = -1, up = true;

  // What a column sorts by; undefined for what is not known, which stands last whichever way.
  const key = (row, c) => {
    if (c === 0) return row[TARGET];
    if (c === 1) return row[OWNER] || undefined;
    if (c === 2) return row[LEVEL] < 0 ? undefined : row[LEVEL];
    if (c === 3) return row[SCORE] === null ? undefined : row[SCORE];
    if (c < 4 + criteria) return row[VERDICTS] === '' ? undefined : Number(row[VERDICTS][c - 4]);
    return (c === 4 + criteria ? row[LICENSE] : row[YEAR]) || undefined;
  };

  // Names are told apart once a column, and compared as numbers then.
  const known = new Map();
  const keysOf = (c) => {
    if (known.has(c)) return known.get(c);
    const keys = data.rows.map((row) => key(row, c));
    if (keys.some((k) => typeof k === 'string')) {
      const rank = new Map([...new Set(keys)].filter((k) => k !== undefined).sort(order).map((k, i) => [k, i]));
      keys.forEach((k, i) => { keys[i] = rank.get(k); });
    }
    known.set(c, keys);
    return keys;
  };

  const sort = () => {
    if (column < 0) { fitting.sort((a, b) => a - b); return; }
    const keys = keysOf(column), way = up ? 1 : -1;
    fitting.sort((a, b) => {
      const [x, y] = [keys[a], keys[b]];
      if (x === y) return a - b;
      if (x === undefined) return 1;
      return y === undefined ? -1 : way * (x - y);
    });
  };

  const filter = () => {
    const words = at('find').value.toLowerCase().split(/\s+/).filter(Boolean), level = at('level').value;
    fitting = [];
    for (let i = 0; i < data.rows.length; i++) {
      if (level !== '' && data.rows[i][LEVEL] !== Number(level)) continue;
      if (words.every((word) => searched[i].includes(word))) fitting.push(i);
    }
  };

  const labels = heads.map((head) => head.textContent);
  const cell = (tag, text, foreign, label) => {
    const made = document.createElement(tag);
    if (label) made.dataset.label = label;
    made.textContent = text;
    if (foreign) { made.dir = 'auto'; made.translate = false; }
    return made;
  };

  const line = (row) => {
    const made = document.createElement('tr');
    const name = cell('th', '', true);
    name.scope = 'row';
    if (row[LINKED]) {
      const link = document.createElement('a');
      link.href = 'https://huggingface.co/' + row[TARGET].slice(3).split('@')[0];
      link.rel = 'noopener noreferrer nofollow';
      link.textContent = row[TARGET];
      name.append(link);
    } else name.textContent = row[TARGET];
    const level = document.createElement('td'), dot = document.createElement('span');
    const place = row[LEVEL] < 0 ? data.levels.length : row[LEVEL];
    dot.className = 'dot c' + data.tones[place];
    const failed = row[FAILURE] ? data.say.why.replace('{why}', () => row[FAILURE]) : data.say.notAudited;
    level.append(dot, row[LEVEL] === -1 ? failed : data.levels[place] || '–');
    const score = cell('td', row[SCORE] === null ? '' : decimal.format(row[SCORE]), false, labels[3]);
    score.className = 'size';
    made.append(name, cell('td', row[OWNER], true), level, score);
    for (let c = 0; c < criteria; c++) {
      const verdict = cell('td', '', false, labels[4 + c]);
      if (row[VERDICTS] !== '') {
        const v = Number(row[VERDICTS][c]), sign = document.createElementNS(SVG, 'svg'), use = document.createElementNS(SVG, 'use');
        sign.setAttribute('class', 'sign ' + data.signs[v]);
        sign.setAttribute('aria-hidden', 'true');
        use.setAttribute('href', '#sign-' + data.signs[v]);
        sign.append(use);
        verdict.append(sign, data.verdicts[v]);
      }
      made.append(verdict);
    }
    const year = cell('td', row[YEAR], false, labels[5 + criteria]);
    year.className = 'size';
    made.append(cell('td', row[LICENSE], true, labels[4 + criteria]), year);
    return made;
  };

  const show = () => {
    const from = page * data.shown, to = Math.min(from + data.shown, fitting.length);
    at('body').replaceChildren(...fitting.slice(from, to).map((i) => line(data.rows[i])));
    const filled = { from: number.format(from + 1), to: number.format(to), n: number.format(fitting.length) };
    at('shown').textContent = fitting.length ? data.say.shown.replace(/\{(\w+)\}/g, (_, name) => filled[name]) : data.say.none;
    at('pages').hidden = fitting.length <= data.shown;
    at('before').disabled = page === 0;
    at('next').disabled = to >= fitting.length;
  };

  heads.forEach((head, c) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      // A score is looked at from its best.
      up = column === c ? !up : c !== 3;
      column = c;
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      page = 0;
      sort();
      show();
    });
  });
  const again = () => { page = 0; filter(); sort(); show(); };
  at('find').addEventListener('input', again);
  at('level').addEventListener('change', again);
  const turn = (by) => { page += by; show(); at('table').scrollIntoView(); };
  at('before').addEventListener('click', () => turn(-1));
  at('next').addEventListener('click', () => turn(1));
  at('controls').hidden = false;
  show();
})();
