## 站外人员（居委会）看到的：正文、姓名、照片只在站内可见

text-withheld = 内容只在站内可见
person-withheld = 站内人员
photos-withheld = 照片只在站内可见
