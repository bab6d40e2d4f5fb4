/** Where git is looked up unless an option says otherwise: our own PATH is not inherited. */
export const GIT_SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';
