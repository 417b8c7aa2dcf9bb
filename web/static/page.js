// The page without reloading: forms become JSON calls, changes arrive as a stream, the chat is patched in place.
// ES2017 at most, for the browser kernels inside office clients. Everything also works without this file.
(function () {
  'use strict';

  var seen = {};
  var pressed = null;
  var carried = {};
  var revealed = 0;
  var version = document.body.getAttribute('data-version');
  var busy = false;
  var again = false;

  function all(root, selector) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  // sending

  function fieldsOf(form) {
    var fields = {};
    new FormData(form).forEach(function (value, name) {
      if (name === 'back') return;
      if (name.indexOf('answer.') === 0) {
        fields.answers = fields.answers || {};
        fields.answers[name.slice(7)] = value;
      } else {
        fields[name] = value;
      }
    });
    if (form.getAttribute('data-api') === 'fill' && !fields.answers) fields.answers = {};
    if (pressed && pressed.form === form && pressed.name) fields[pressed.name] = pressed.value;
    return fields;
  }

  function toast(text, bad) {
    var box = document.getElementById('toast');
    box.textContent = text;
    box.className = text ? (bad ? 'shown bad' : 'shown') : '';
    clearTimeout(toast.timer);
    toast.timer = setTimeout(function () { box.className = ''; }, bad ? 8000 : 4000);
  }

  async function call(name, fields) {
    var answer = await fetch('/api/' + name, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-Jixiao': '1' },
      body: JSON.stringify(fields)
    });
    var result = await answer.json();
    if (!result.ok) throw new Error(result.problem);
    return result.said;
  }

  async function submit(form) {
    var ask = form.getAttribute('data-ask');
    if (ask && !window.confirm(ask)) return;
    var name = form.getAttribute('data-api');
    var fields = fieldsOf(form);
    var buttons = all(form, 'button');
    buttons.forEach(function (b) { b.setAttribute('aria-busy', 'true'); });
    carried = name === 'tap' ? typedIn(form.closest('li')) : {};
    try {
      var said = await call(name, fields);
      if (said) toast(said);
      if (name === 'say' && form.elements.text.value === fields.text) form.elements.text.value = '';
      if (name === 'tap' || name === 'fill') stopActing();
    } catch (error) {
      toast(error instanceof TypeError ? '连不上演练程序，内容还在，稍后再点一次。' : error.message, true);
    }
    buttons.forEach(function (b) { b.removeAttribute('aria-busy'); });
    await refresh();
  }

  function stopActing() {
    var address = new URL(location.href);
    address.searchParams.delete('as');
    history.replaceState(null, '', address.href);
  }

  // looking

  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      var answer = await fetch(location.pathname + location.search, { credentials: 'same-origin' });
      patch(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch (error) {
      toast('连不上演练程序，正在重试。', true);
    }
    busy = false;
    if (again) { again = false; await refresh(); }
  }

  function patch(fresh) {
    version = fresh.body.getAttribute('data-version');
    document.documentElement.className = fresh.documentElement.className;
    all(fresh, '[data-part]').forEach(function (part) {
      var old = document.getElementById(part.id);
      if (!old || seen[part.id] === part.outerHTML) return;
      seen[part.id] = part.outerHTML;
      if (old.open) part.setAttribute('open', '');
      keepOpen(old, part);
      keepFocus(old, part);
    });
    all(fresh, '#composer input[type=hidden]').forEach(function (input, n) {
      all(document, '#composer input[type=hidden]')[n].value = input.value;
    });
    patchChat(fresh.getElementById('chat'));
    enhance(document);
  }

  // On a phone the people stand in one row: whose phone it is stays in sight.
  function showPerson() {
    var row = document.getElementById('people');
    var face = row.querySelector('[aria-current]');
    if (!face) return;
    var frame = row.getBoundingClientRect();
    var place = face.getBoundingClientRect();
    if (place.left < frame.left || place.right > frame.right) row.scrollLeft += place.left - frame.left - 8;
    if (place.top < frame.top || place.bottom > frame.bottom) row.scrollTop += place.top - frame.top - 8;
  }

  function keepOpen(old, copy) {
    all(old, 'details[open]').forEach(function (d) {
      var next = d.id && copy.querySelector('#' + d.id);
      if (next) next.setAttribute('open', '');
    });
  }

  function keepFocus(old, part) {
    var active = document.activeElement;
    var id = active && old.contains(active) ? active.getAttribute('data-testid') : null;
    var copy = document.importNode(part, true);
    var left = old.scrollLeft;
    var top = old.scrollTop;
    old.parentNode.replaceChild(copy, old);
    copy.scrollLeft = left;
    copy.scrollTop = top;
    var back = id && document.querySelector('[data-testid="' + id + '"]');
    if (back) back.focus();
  }

  function patchChat(fresh) {
    var chat = document.getElementById('chat');
    var ids = {};
    var first = null;
    Array.prototype.slice.call(fresh.children).forEach(function (item, n) {
      ids[item.id] = true;
      var old = document.getElementById(item.id);
      if (old && seen[item.id] === item.outerHTML) return;
      seen[item.id] = item.outerHTML;
      var copy = document.importNode(item, true);
      if (old) {
        keepTyped(old, copy);
        chat.replaceChild(copy, old);
      } else {
        chat.insertBefore(copy, chat.children[n] || null);
        carryOver(copy);
        first = first || copy;
      }
    });
    Array.prototype.slice.call(chat.children).forEach(function (item) {
      if (!ids[item.id]) { chat.removeChild(item); delete seen[item.id]; }
    });
    if (first) reveal(first);
  }

  // What somebody is typing survives when the message around it is drawn anew.
  function keepTyped(old, copy) {
    all(old, '.inputs [name]').forEach(function (input) {
      var typed = input.type === 'radio' ? input.checked !== input.defaultChecked : input.value !== input.defaultValue;
      if (!typed || input.type === 'hidden') return;
      all(copy, '.inputs [name]').forEach(function (next) {
        if (next.name !== input.name) return;
        if (input.type !== 'radio') next.value = input.value;
        else if (next.value === input.value) next.checked = input.checked;
      });
    });
    keepOpen(old, copy);
  }

  // Tapping a button of a card does not lose what was typed into the same card and not sent yet.
  function typedIn(item) {
    var typed = {};
    all(item, '.inputs input[type=text], .inputs textarea').forEach(function (input) {
      if (input.value !== input.defaultValue) typed[input.name] = input.value;
    });
    return typed;
  }

  function carryOver(item) {
    all(item, '.inputs input[type=text], .inputs textarea').forEach(function (input) {
      if (input.value || !carried[input.name]) return;
      input.value = carried[input.name];
      delete carried[input.name];
    });
  }

  // A message taller than the phone is read from its top, anything else from the end of the chat.
  function reveal(item) {
    var box = document.getElementById('scroll');
    box.scrollTop = box.scrollHeight;
    var above = item.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (above < 0) box.scrollTop += above - 8;
    revealed = box.scrollTop;
    all(item, 'img').forEach(function (picture) {
      if (!picture.complete) picture.addEventListener('load', function () { revealAgain(item); });
    });
  }

  // Pictures and fonts that come later make a message taller; whoever has scrolled since is left in peace.
  function revealAgain(item) {
    var box = document.getElementById('scroll');
    if (document.body.contains(item) && Math.abs(box.scrollTop - revealed) < 2) reveal(item);
  }

  // small comforts at the inputs

  function halfWidth(text) {
    return text.replace(/[０-９．－％]/g, function (ch) {
      return String.fromCharCode(ch.charCodeAt(0) - 0xfee0);
    }).replace(/[。]/g, '.').trim();
  }

  function count(form) {
    var fields = all(form, '[data-field]');
    var done = fields.filter(function (field) {
      return all(field, 'input, textarea').some(function (i) {
        return i.type === 'radio' ? i.checked : i.value.trim() !== '';
      });
    });
    all(form, '.counter').forEach(function (c) { c.textContent = '已填 ' + done.length + '/' + fields.length; });
  }

  function enhance(root) {
    all(root, '[data-script][hidden]').forEach(function (b) { b.hidden = false; });
    all(root, 'form.inputs').forEach(count);
  }

  function nextEmpty(input) {
    var inputs = all(input.form, 'input[type=text], textarea');
    var later = inputs.slice(inputs.indexOf(input) + 1).filter(function (i) { return !i.value.trim(); });
    if (later[0]) later[0].focus(); else input.blur();
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (button) pressed = button;
    if (button && button.hasAttribute('data-same')) {
      var input = button.parentNode.querySelector('input');
      input.value = button.getAttribute('data-same');
      count(button.form);
      return;
    }
    if (button && button.hasAttribute('data-choose')) {
      event.preventDefault();
      button.form.querySelector('[data-file]').click();
      return;
    }
    if (button && button.hasAttribute('data-line')) {
      var line = document.getElementById('text');
      line.value = button.getAttribute('data-line');
      line.focus();
      return;
    }
    var link = event.target.closest('a[data-look]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      look(link.getAttribute('href'));
    }
  });

  async function look(address) {
    var switched = new URL(address, location.href).searchParams.get('user') !==
      new URL(location.href).searchParams.get('user');
    history.pushState(null, '', address);
    if (switched) document.getElementById('chat').textContent = '';
    if (switched) seen = {};
    await refresh();
    showPerson();
    var anchor = location.hash && document.getElementById(location.hash.slice(1));
    if (anchor) anchor.scrollIntoView({ block: 'nearest' });
  }

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.hasAttribute('data-api')) {
      event.preventDefault();
      submit(form);
    } else if (form.hasAttribute('data-look-form')) {
      event.preventDefault();
      look('/?' + new URLSearchParams(new FormData(form)).toString());
    }
  });

  // A file of this machine, as the chat client would send it.
  async function sendFile(input) {
    var file = input.files[0];
    if (!file) return;
    if (file.size > 700 * 1024) {
      toast('这个文件太大，这里最多发 700 KB。', true);
    } else {
      var fields = fieldsOf(input.form);
      fields.name = file.name;
      fields.content = await base64(file);
      try {
        await call('upload', fields);
      } catch (error) {
        toast(error instanceof TypeError ? '连不上演练程序，稍后再发一次。' : error.message, true);
      }
    }
    input.value = '';
    await refresh();
  }

  function base64(file) {
    return new Promise(function (resolve, reject) {
      var reader = new FileReader();
      reader.onload = function () { resolve(reader.result.slice(reader.result.indexOf(',') + 1)); };
      reader.onerror = function () { reject(reader.error); };
      reader.readAsDataURL(file);
    });
  }

  document.addEventListener('change', function (event) {
    if (event.target.hasAttribute('data-file')) sendFile(event.target);
  });

  document.addEventListener('input', function (event) {
    if (event.target.form && event.target.form.className.indexOf('inputs') >= 0) count(event.target.form);
  });

  document.addEventListener('focusout', function (event) {
    if (event.target.hasAttribute && event.target.hasAttribute('data-number')) {
      event.target.value = halfWidth(event.target.value);
    }
  });

  document.addEventListener('keydown', function (event) {
    var input = event.target;
    if (event.key === 'Enter' && !event.isComposing && input.type === 'text' &&
        input.form && input.form.className.indexOf('inputs') >= 0) {
      event.preventDefault();
      nextEmpty(input);
    }
  });

  window.addEventListener('popstate', refresh);

  // staying up to date

  function changed(fresh) {
    if (String(fresh) !== version) refresh();
  }

  function poll() {
    setInterval(function () {
      fetch('/version', { credentials: 'same-origin' })
        .then(function (answer) { return answer.json(); })
        .then(function (found) { changed(found.version); })
        .catch(function () { return null; });
    }, 2000);
  }

  function listen() {
    if (!window.EventSource) { poll(); return; }
    var stream = new EventSource('/events');
    stream.onmessage = function (event) { changed(event.data); };
  }

  all(document, '[data-part], #chat > li').forEach(function (part) { seen[part.id] = part.outerHTML; });
  enhance(document);
  showPerson();
  var items = document.getElementById('chat').children;
  var last = items[items.length - 1];
  if (last) reveal(last);
  if (last && document.fonts) document.fonts.ready.then(function () { revealAgain(last); });
  if (window.matchMedia('(max-width: 760px)').matches) {
    all(document, '.panels details').forEach(function (d) { d.removeAttribute('open'); });
  }
  listen();
}());
