export interface Page {
    readonly title: string;
    readonly language: string;
    /** Fresh for each page. */
    readonly nonce: string;
    /** Where the webview's own files come from. */
    readonly source: string;
    readonly script: string;
    readonly style: string;
}
/** No inline style or script, no network, no frames; images only as the page's own files. */
export declare function contentSecurityPolicy({ nonce, source }: Pick<Page, 'nonce' | 'source'>): string;
export declare function pageHtml(page: Page): string;
