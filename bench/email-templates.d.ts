// The part of email-templates that the bench uses; it comes without types.
declare module 'email-templates' {
  export default class EmailTemplates {
    constructor(options: object);
    renderAll(template: string, locals: object): Promise<{ html?: string; text?: string }>;
  }
}
