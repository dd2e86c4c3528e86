/** The one person with an account on the lab's hosts. It exists only inside them: their /etc/passwd is their own. */
export const labAccount = { name: 'trainer', uid: 4242, home: '/home/trainer' } as const;

/** Lines added to a host's copies of the machine's account files. `*` locks the password, not the account. */
export const labAccountFiles: Readonly<Record<'passwd' | 'group' | 'shadow', string>> = {
  passwd: `${labAccount.name}:x:${labAccount.uid}:${labAccount.uid}::${labAccount.home}:/bin/bash\n`,
  group: `${labAccount.name}:x:${labAccount.uid}:\n`,
  shadow: `${labAccount.name}:*:19000:0:99999:7:::\n`,
};
