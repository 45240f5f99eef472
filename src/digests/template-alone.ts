// Whether the partial of a paper says the same wherever it stands, so that a paper's text can be made once for all mails.

/** The parts of a template, as Handlebars reads them. */
export interface Programs {
  main: hbs.AST.Program;
  /** By the name that a template uses. */
  partials: Readonly<Record<string, hbs.AST.Program>>;
}

/**
 * Whether a partial gets nothing but what it is called with: no parameters where it is used, and neither it nor a partial
 * that it uses names anything from around it. Where that cannot be told (partials whose names are only known when the mail
 * is made, or that stand in the mail itself), it is no.
 */
export function standsAlone({ main, partials }: Programs, name: string): boolean {
  const nodes = [main, ...Object.values(partials)].flatMap(program => [...everyNode(program)]);
  const uses = nodes.filter(isPartial);
  const own = uses.filter(use => partialName(use) === name);
  const inline = nodes.filter(isInline).map(({ params: [named] }) => (named as hbs.AST.StringLiteral).value);
  return (
    own.length > 0 &&
    own.every(({ params, hash }) => params.length === 0 && hash === undefined) &&
    uses.every(({ name: { type } }) => type !== 'SubExpression') &&
    // One that stands in a template takes the place of the file with its name.
    !inline.some(taken => Object.hasOwn(partials, taken)) &&
    !looksAround(partials[name] as hbs.AST.Program, { partials, loops: 0, known: new Map() })
  );
}

/** What is known while a partial is looked through. */
interface Inside {
  partials: Programs['partials'];
  /** The lists of its own that a place is in: so far up it may look. */
  loops: number;
  /** The partials that were looked through, and in how few lists. */
  known: Map<string, number>;
}

function looksAround(node: object, inside: Inside): boolean {
  if (isPath(node) && isOutside(node, inside.loops)) return true;
  if (isPartial(node) && usedLooksAround(node, inside)) return true;
  // Its words are printed where it is used, which may be anywhere in the partial.
  const within = isInline(node) ? { ...inside, loops: 0 } : inside;
  return Object.entries(node).some(([key, value]) => {
    if (typeof value !== 'object' || value === null || key === 'loc') return false;
    const loops = within.loops + (key === 'program' && isEach(node) ? 1 : 0);
    return looksAround(value, { ...within, loops });
  });
}

/** `{{@index}}` in no list of its own, `{{../title}}` further up than the paper, `{{@root.name}}` anywhere. */
const isOutside = ({ data, depth, parts: [first] }: hbs.AST.PathExpression, loops: number) =>
  data ? !PLACES.has(String(first)) || depth >= loops : depth > loops;

const PLACES = new Set(['index', 'key', 'first', 'last']);

function usedLooksAround(use: hbs.AST.PartialStatement, inside: Inside): boolean {
  const { partials, loops, known } = inside;
  const name = partialName(use);
  // The words that a partial was given stand somewhere else.
  if (name === undefined) return true;
  if ((known.get(name) ?? Infinity) <= loops || !Object.hasOwn(partials, name)) return false;
  known.set(name, loops);
  return looksAround(partials[name] as hbs.AST.Program, inside);
}

type Inline = hbs.AST.DecoratorBlock & { params: hbs.AST.Expression[] };

const typeOf = (node: object) => ('type' in node ? node.type : undefined);
const isPath = (node: object): node is hbs.AST.PathExpression => typeOf(node) === 'PathExpression';
const isPartial = (node: object): node is hbs.AST.PartialStatement =>
  ['PartialStatement', 'PartialBlockStatement'].includes(String(typeOf(node)));
const isEach = (node: object) =>
  typeOf(node) === 'BlockStatement' && (node as hbs.AST.BlockStatement).path.original === 'each';

export const isInline = (node: object): node is Inline => typeOf(node) === 'DecoratorBlock';

/** Undefined where the name is only known when the mail is made, and for the block that a partial was given. */
export function partialName({ name }: hbs.AST.PartialStatement): string | undefined {
  if (name.type === 'SubExpression') return undefined;
  const { original, data } = name as hbs.AST.PathExpression;
  return data ? undefined : String(original);
}

/** Every node of a program, those that hold others before them. */
export function* everyNode(node: object): Iterable<hbs.AST.Node> {
  if ('type' in node && typeof node.type === 'string') yield node as hbs.AST.Node;
  for (const [key, value] of Object.entries(node))
    if (key !== 'loc' && typeof value === 'object' && value !== null) yield* everyNode(value);
}
